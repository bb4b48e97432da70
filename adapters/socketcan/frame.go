package socketcan

import (
	"encoding/binary"
	"errors"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/link"
)

// The layout of struct can_frame and struct canfd_frame (linux/can.h).
const (
	classicSize = 16
	fdSize      = 72

	flagExtended = 1 << 31
	flagRemote   = 1 << 30
	flagError    = 1 << 29

	fdBRS = 0x01
	fdFDF = 0x04
)

// The classes and details of error frames (linux/can/error.h).
const (
	errLostArbitration = 0x02
	errController      = 0x04
	errProtocol        = 0x08
	errNoAck           = 0x20
	errBusOff          = 0x40
	errBusError        = 0x80
	errRestarted       = 0x100

	controllerOverflow  = 0x03 // byte 1: receive and transmit overflow
	controllerPassive   = 0x30 // byte 1: receive and transmit error passive
	controllerActive    = 0x40
	protocolAckLocation = 0x19 // byte 3: the acknowledge slot
)

// ErrFrame says that the kernel gave something that is no frame.
var errFrame = errors.New("receive: not a CAN frame")

// encode writes a frame as the kernel wants it.
func encode(f *can.Frame) []byte {
	size := classicSize
	if f.FD {
		size = fdSize
	}
	b := make([]byte, size)
	id := f.ID.Raw()
	if f.ID.IsExtended() {
		id |= flagExtended
	}
	if f.Remote {
		id |= flagRemote
	}
	binary.NativeEndian.PutUint32(b, id)
	b[4] = f.Len
	if f.FD {
		b[5] = fdFDF
		if f.BRS {
			b[5] |= fdBRS
		}
	}
	copy(b[8:], f.Payload())
	return b
}

// decode reads a frame of the kernel; isError tells an error frame.
func decode(b []byte) (f can.Frame, isError bool, err error) {
	if len(b) != classicSize && len(b) != fdSize {
		return f, false, errFrame
	}
	id := binary.NativeEndian.Uint32(b)
	f.ID = can.ID(id & 0x7FF)
	if id&flagExtended != 0 {
		f.ID = can.ID(id&0x1FFFFFFF) | can.Extended
	}
	f.FD = len(b) == fdSize
	f.BRS = f.FD && b[5]&fdBRS != 0
	f.Remote = !f.FD && id&flagRemote != 0
	f.Len = b[4]
	if int(f.Len) > len(b)-8 {
		return f, false, errFrame
	}
	if id&flagError != 0 {
		f.ID = can.ID(id & 0x1FFFFFFF)
	}
	copy(f.Data[:], b[8:8+f.Len])
	return f, id&flagError != 0, nil
}

// note counts an error frame; off tells that the controller left the line.
func note(h *link.BusHealth, f *can.Frame) (off bool) {
	class, d := f.ID.Raw(), f.Data
	switch {
	case class&errNoAck != 0, class&(errProtocol|errBusError) != 0 && d[3] == protocolAckLocation:
		h.NoAck++
	case class&(errProtocol|errBusError) != 0:
		h.Errors++
	}
	if class&errController != 0 {
		switch {
		case d[1]&controllerOverflow != 0:
			h.Overruns++
		case d[1]&controllerPassive != 0:
			h.Passive = true
		case d[1]&controllerActive != 0:
			h.Passive = false
		}
	}
	if class&errRestarted != 0 {
		h.Off = false
	}
	if class&errBusOff != 0 {
		h.Off = true
	}
	return h.Off
}
