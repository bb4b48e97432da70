package j1939

import "github.com/fleetms/obdctl/internal/obd"

// Lamps are the two bytes of lamp status of SAE J1939-73, 5.7.1: state in the first, flashing in the second.
type Lamps struct {
	MIL     obd.LampState `json:"mil"`
	RedStop obd.LampState `json:"red_stop"`
	Amber   obd.LampState `json:"amber"`
	Protect obd.LampState `json:"protect"`
}

// lampShifts are the bit positions of MIL, red stop, amber warning and protect in both bytes.
var lampShifts = [4]uint8{6, 4, 2, 0}

func (l *Lamps) each() [4]*obd.LampState {
	return [4]*obd.LampState{&l.MIL, &l.RedStop, &l.Amber, &l.Protect}
}

// ParseLamps reads the two bytes.
func ParseLamps(state, flash byte) Lamps {
	var l Lamps
	for i, lamp := range l.each() {
		*lamp = lampState(state>>lampShifts[i]&3, flash>>lampShifts[i]&3)
		if *lamp == obd.LampShort && i > 0 {
			*lamp = obd.LampOn // only the MIL has a short indication
		}
	}
	return l
}

func lampState(state, flash uint8) obd.LampState {
	switch {
	case state == 0:
		return obd.LampOff
	case state != 1:
		return obd.LampUnknown
	case flash == 0:
		return obd.LampSlowFlash
	case flash == 1:
		return obd.LampFastFlash
	case flash == 2:
		return obd.LampShort // class C codes of ISO 27145
	}
	return obd.LampOn
}

// Bytes returns the two bytes.
func (l Lamps) Bytes() (state, flash byte) {
	for i, lamp := range l.each() {
		s, f := byte(0), byte(3)
		switch *lamp {
		case obd.LampOn:
			s = 1
		case obd.LampSlowFlash:
			s, f = 1, 0
		case obd.LampFastFlash:
			s, f = 1, 1
		case obd.LampShort:
			s, f = 1, 2
		case obd.LampUnknown:
			s = 3
		}
		state |= s << lampShifts[i]
		flash |= f << lampShifts[i]
	}
	return state, flash
}
