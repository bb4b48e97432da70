package text

// maxLine is the longest line in hexadecimal digits that is read: a CAN FD frame is 8 + 1 + 128 digits
// long, a KWP message 518.
const maxLine = 1 << 10

// appendDigits appends a line's hexadecimal digits, one value each, to dst; false when the line holds
// anything but digits and blanks, or is endless.
func appendDigits(dst []byte, line string) ([]byte, bool) {
	if len(line) > 2*maxLine {
		return dst, false
	}
	for i := range len(line) {
		if line[i] == ' ' {
			continue
		}
		n, ok := nibble(line[i])
		if !ok {
			return dst, false
		}
		dst = append(dst, n)
	}
	return dst, true
}

// appendPacked joins an even number of digits to bytes.
func appendPacked(dst, digits []byte) []byte {
	for i := 0; i+1 < len(digits); i += 2 {
		dst = append(dst, digits[i]<<4|digits[i+1])
	}
	return dst
}

// number reads digits as one number.
func number(digits []byte) uint32 {
	var n uint32
	for _, d := range digits {
		n = n<<4 | uint32(d)
	}
	return n
}

// firstWord returns how many digits stand before the line's first blank; 0 when there is no blank.
func firstWord(line string) int {
	for i := range len(line) {
		if line[i] == ' ' {
			return i
		}
	}
	return 0
}
