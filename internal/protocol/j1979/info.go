package j1979

import (
	"encoding/binary"

	"github.com/fleetms/obdctl/internal/obd"
)

// The InfoTypes of service 09 (SAE J1979-DA). An odd one below 10 counts the messages of the next on the older lines.
const (
	InfoVIN            = 0x02
	InfoCalibrationID  = 0x04
	InfoCVN            = 0x06
	InfoInUseSpark     = 0x08
	InfoECUName        = 0x0A
	InfoInUseDiesel    = 0x0B
	InfoEngineSerial   = 0x0D
	InfoTypeApproval   = 0x0F // exhaust regulation or type approval number
	InfoFueledStarts   = 0x12 // fueled engine operation ignition cycles, plug-in hybrids
	InfoEvapCheckDrive = 0x14 // distance since the EVAP monitor last decided
)

// Info is one answer of service 09; only what its Type holds is set.
type Info struct {
	Type         byte
	Messages     *int // how many messages the next InfoType takes: 01, 03, 05, 07, 09, 0C, 0E
	VIN          string
	CalIDs       []string // in order; "" for an empty place in front of a used one
	CVNs         []string // eight hexadecimal digits each
	InUse        *obd.InUse
	Name         string
	ESN          string
	Regulation   string
	FueledStarts *uint16
	Raw          []byte // everything behind the InfoType, as it came
}

// ParseInfo reads an InfoType of service 09.
//
// On CAN the number of data items comes first, though some ECUs leave it out; on the older lines there is none, and
// items are filled up in front with zeros to whole lines of four bytes.
func ParseInfo(p obd.Protocol, data []byte) (Info, error) {
	b, err := body(data, obd.ServiceVehicleInfo)
	if err != nil {
		return Info{}, err
	}
	if len(b) == 0 {
		return Info{}, malformed("no InfoType")
	}
	info := Info{Type: b[0], Raw: b[1:]}
	b = b[1:]
	if len(b) == 0 {
		return info, malformed("InfoType %02X has no data", info.Type)
	}
	if !countsItems(p) {
		b = dropOrder(b)
	}
	info.fill(p, b)
	return info, nil
}

func (info *Info) fill(p obd.Protocol, b []byte) {
	switch info.Type {
	case 0x01, 0x03, 0x05, 0x07, 0x09, 0x0C, 0x0E:
		info.Messages = new(int(b[0]))
	case InfoVIN:
		info.VIN = text(b, 17)
	case InfoCalibrationID:
		info.CalIDs = calibrationIDs(items(p, b, 16))
	case InfoCVN:
		info.CVNs = verificationNumbers(items(p, b, 4))
	case InfoInUseSpark:
		info.InUse = inUse(items(p, b, 2), sparkCounters)
	case InfoInUseDiesel:
		info.InUse = inUse(items(p, b, 2), dieselCounters)
	case InfoECUName:
		info.Name = text(b, 20)
	case InfoEngineSerial:
		info.ESN = text(b, 17)
	case InfoTypeApproval:
		info.Regulation = text(items(p, b, 17), len(b))
	case InfoFueledStarts:
		if b = items(p, b, 2); len(b) >= 2 {
			info.FueledStarts = new(binary.BigEndian.Uint16(b))
		}
	}
}

// items returns the data items of size bytes each, without the count byte in front and the padding behind.
func items(p obd.Protocol, b []byte, size int) []byte {
	if isOlder(p) {
		return b
	}
	count, rest := int(b[0]), b[1:]
	need := count * size
	switch {
	case len(rest) == need:
		return rest
	case count > 0 && len(rest) > need && isPadding(rest[need:]):
		return rest[:need]
	case len(b)%size == 0 && (count == 0 || len(rest) < need):
		return b // no count byte
	case len(rest) < need || len(rest)%size == 0:
		return rest // cut short, or a count that is wrong
	}
	return b
}

// dropOrder removes the order byte 1, 2, 3... of each line of four, where the lines were joined with it.
func dropOrder(b []byte) []byte {
	const line = 5
	if len(b)%line != 0 {
		return b
	}
	for i := 0; i < len(b); i += line {
		if int(b[i]) != i/line+1 {
			return b
		}
	}
	joined := make([]byte, 0, len(b))
	for i := 0; i < len(b); i += line {
		joined = append(joined, b[i+1:i+line]...)
	}
	return joined
}
