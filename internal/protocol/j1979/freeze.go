package j1979

import "github.com/fleetms/obdctl/internal/obd"

// ParseFreeze returns the data of one PID of a freeze frame (service 02).
//
// The reply repeats PID and frame; old ECUs leave the frame number out. length is how many data bytes the
// PID has, 0 when that is not known; bytes beyond it are padding.
func ParseFreeze(data []byte, pid, frame byte, length int) ([]byte, error) {
	b, err := body(data, obd.ServiceFreezeFrame)
	if err != nil {
		return nil, err
	}
	if len(b) < 2 || b[0] != pid {
		return nil, malformed("no data of PID %02X", pid)
	}
	b = b[1:]
	switch {
	case length <= 0:
		if b[0] == frame && len(b) > 1 {
			return b[1:], nil
		}
		return b, nil
	case b[0] == frame && len(b) > length:
		return b[1 : 1+length], nil
	case len(b) >= length:
		return b[:length], nil
	}
	return nil, malformed("PID %02X has %d of %d bytes", pid, len(b), length)
}

// ParseFreezeCode reads the code that caused a freeze frame (PID 02); "" when no frame is stored.
func ParseFreezeCode(data []byte, frame byte) (string, error) {
	b, err := ParseFreeze(data, 0x02, frame, 2)
	if err != nil || b[0] == 0 && b[1] == 0 {
		return "", err
	}
	return obd.FormatDTC(b[0], b[1]), nil
}
