package j2534

import "github.com/fleetms/obdctl/internal/can"

// What the tests look at from outside.

type ConfigList = configList

func DeviceOf(key string, v map[string]string, bits int) (Device, bool) {
	return deviceOf(key, v, bits)
}
func ToMessage(f can.Frame) Message        { return toMessage(f) }
func ToFrame(m *Message) (can.Frame, bool) { return toFrame(m) }
