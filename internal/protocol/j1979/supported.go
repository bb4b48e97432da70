package j1979

import (
	"encoding/binary"
	"iter"

	"github.com/fleetms/obdctl/internal/obd"
)

// ParseSupported reads which ids an ECU supports: bit 31 of bits stands for base+1, bit 0 for base+0x20.
//
// It accepts the byte between id and bitmap that some services put there: the frame number of service 02, the sensor of
// service 05, the FF filler of service 06 and the message count of service 09 on the older lines.
// The bitmap is not judged: FFFFFFFF comes back as it is.
func ParseSupported(data []byte) (service obd.Service, base byte, bits uint32, err error) {
	b, err := body(data, obd.ServiceCurrentData, obd.ServiceFreezeFrame, obd.ServiceOxygenTests,
		obd.ServiceMonitorTests, obd.ServiceControl, obd.ServiceVehicleInfo)
	if err != nil {
		return 0, 0, 0, err
	}
	service = obd.Service(data[0] - positive)
	if len(b) < 5 {
		return service, 0, 0, malformed("support bitmap of service %02X has %d bytes", uint8(service), len(b))
	}
	if base = b[0]; base%0x20 != 0 {
		return service, base, 0, malformed("id %02X starts no support bitmap", base)
	}
	return service, base, binary.BigEndian.Uint32(b[1+bitmapOffset(service, base, b[1:]):]), nil
}

// hasFreezeCode is the bit of PID 02, which every ECU with freeze frames has and no frame number reaches.
const hasFreezeCode = 0x40

// bitmapOffset returns 1 when a byte stands before the four of the bitmap.
func bitmapOffset(service obd.Service, base byte, b []byte) int {
	if len(b) < 5 {
		return 0
	}
	between := false
	switch service {
	case obd.ServiceFreezeFrame:
		between = base != 0 || b[0]&hasFreezeCode == 0
	case obd.ServiceOxygenTests:
		between = true
	case obd.ServiceMonitorTests:
		between = b[0] == 0xFF
	case obd.ServiceVehicleInfo:
		between = b[0] == 0x01
	}
	if between {
		return 1
	}
	return 0
}

// IDs lists the ids that a support bitmap names, without those that start the next bitmap.
func IDs(base byte, bits uint32) iter.Seq[byte] {
	return func(yield func(byte) bool) {
		for i := range 32 {
			id := int(base) + 1 + i
			if bits&(1<<(31-i)) == 0 || id%0x20 == 0 || id > 0xFF {
				continue
			}
			if !yield(byte(id)) {
				return
			}
		}
	}
}

// HasNext tells that a support bitmap announces the next one.
func HasNext(base byte, bits uint32) bool { return bits&1 != 0 && base < 0xE0 }
