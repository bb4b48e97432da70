package dtc

// What a code's first characters say by SAE J2012 clause 5 and its code groups, for every code there is.

// letters names the systems.
func letterOf(code string) string {
	switch code[0] {
	case 'P':
		return "powertrain"
	case 'C':
		return "chassis"
	case 'B':
		return "body"
	}
	return "network"
}

// isMakers tells that the maker gives the code its meaning: P1, P30 to P33, B1, B2, C1, C2, U1, U2.
func isMakers(code string) bool {
	switch code[1] {
	case '1':
		return true
	case '2':
		return code[0] != 'P'
	case '3':
		return code[0] == 'P' && code[2] < '4'
	}
	return false
}

// familyOf describes the family of a code: system, whose code it is, and its group.
func familyOf(code string) string {
	family := letterOf(code) + ", "
	switch {
	case isMakers(code):
		family += "maker's code"
	case code[1] == '3' && (code[0] == 'B' || code[0] == 'C'):
		family += "reserved by SAE J2012"
	default:
		family += "generic (SAE J2012)"
	}
	if g := groupOf(code); g != "" {
		family += ": " + g
	}
	return family
}

// groupOf names the group of the third character of powertrain codes, and the uses of network codes.
func groupOf(code string) string {
	if code[0] == 'P' && (code[1] == '0' || code[1] == '2') {
		return powertrainGroup(code[1], code[2])
	}
	if code[0] == 'P' && code[1] == '1' {
		return powertrainGroup('0', code[2])
	}
	if code[0] == 'P' && !isMakers(code) {
		return "cylinder deactivation and others"
	}
	if code[0] == 'U' && code[1] == '0' {
		return networkGroup(code[2])
	}
	if code[0] == 'U' && code[1] == '3' {
		return "control module and power distribution"
	}
	return ""
}

func powertrainGroup(second, third byte) string {
	switch {
	case third <= '2':
		return "fuel and air metering"
	case third == '3':
		return "ignition system or misfire"
	case third == '4':
		return "auxiliary emission controls"
	case third == '5':
		return "vehicle speed, idle control and auxiliary inputs"
	case third == '6':
		return "computer and output circuits"
	case third == '7' || third == '8':
		return "transmission"
	case second == '0' && third == '9':
		return "transmission"
	case second == '2' && third <= 'B':
		return "fuel and air metering"
	case second == '0':
		return "hybrid and electric propulsion"
	}
	return "various powertrain functions"
}

func networkGroup(third byte) string {
	switch third {
	case '0':
		return "communication bus"
	case '1', '2', '6':
		return "lost communication"
	case '3':
		return "software incompatibility"
	case '4', '5':
		return "invalid data"
	}
	return ""
}

// systemOf names the system of a code without a text.
func systemOf(code string) string {
	switch code[0] {
	case 'P':
		return "Powertrain"
	case 'C':
		return "Chassis"
	case 'B':
		return "Body"
	}
	return "Network"
}
