package catalog

import "math"

// field reads length bits (1 to 64) at start: most significant bit first, or as DBC counts them with
// little set. ok is false when the data is too short.
func field(data []byte, start, length int, little bool) (raw uint64, ok bool) {
	if start < 0 || length < 1 || length > 64 || start > len(data)*8-length {
		return 0, false
	}
	if length == 8 && start&7 == 0 { // most signals
		return uint64(data[start>>3]), true
	}
	first, last := start>>3, (start+length-1)>>3
	if little {
		for i := last; i > first; i-- {
			raw = raw<<8 | uint64(data[i])
		}
		shift := start & 7
		raw = raw<<(8-shift) | uint64(data[first])>>shift
	} else {
		for _, b := range data[first:last] {
			raw = raw<<8 | uint64(b)
		}
		shift := 7 - (start+length-1)&7
		raw = raw<<(8-shift) | uint64(data[last])>>shift
	}
	return raw & (math.MaxUint64 >> (64 - length)), true
}

// signed returns raw as the two's complement number of length bits that it is.
func signed(raw uint64, length int) int64 {
	shift := 64 - length
	return int64(raw<<shift) >> shift
}
