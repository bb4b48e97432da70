package vin

import (
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
)

// The words of [obd.Vehicle]'s CheckDigit; "" when a masked number hides the answer.
const (
	Valid   = "valid"
	Invalid = "invalid"
	NotUsed = "not_used"
)

// Transliteration and weights of 49 CFR 565.15(c), the same in GB 16735.
const letters = "ABCDEFGHJKLMNPRSTUVWXYZ"

var (
	letterValues = [len(letters)]int{1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9}
	weights      = [Length]int{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2}
)

// checkPosition is that of the check digit, counted from 0.
const checkPosition = 8

// value returns what a character counts, -1 when it is not of the alphabet.
func value(r rune) int {
	if r >= '0' && r <= '9' {
		return int(r - '0')
	}
	if i := strings.IndexRune(letters, r); i >= 0 {
		return letterValues[i]
	}
	return -1
}

// CheckDigit computes the check digit of a VIN of 17 characters; false when a character has no value.
func CheckDigit(vin string) (byte, bool) {
	if len(vin) != Length {
		return 0, false
	}
	sum := 0
	for i, r := range vin {
		v := value(r)
		if v < 0 && i != checkPosition {
			return 0, false
		}
		sum += v * weights[i]
	}
	return "0123456789X"[sum%11], true
}

// checkDigit judges position 9. A wrong digit counts only where the law asks for it: North America
// (FMVSS 565, also Canada and Mexico) and China (GB 16735). Elsewhere a right one is still told, as vehicles
// built there for North America carry it.
func (n number) checkDigit(v *obd.Vehicle, masked bool, why *reasons) {
	want, ok := CheckDigit(string(n))
	switch {
	case ok && n[checkPosition] == want:
		v.CheckDigit = Valid
	case masked:
	case !v.Plausible || !required(n):
		v.CheckDigit = NotUsed
		if required(n) {
			v.CheckDigit = Invalid
		}
	default:
		v.CheckDigit = Invalid
		why.add("the check digit (position 9) is %c and should be %c: a character is misread, or the number is not genuine", n[checkPosition], want)
	}
}

// required tells that the law of the maker's country asks for a check digit.
func required(n number) bool { return n.northAmerican() || n.chinese() }

func (n number) northAmerican() bool {
	switch countryOf(string(n[:3])) {
	case "United States", "Canada", "Mexico":
		return true
	}
	return false
}

func (n number) chinese() bool { return n[0] == 'L' || n[0] == 'H' }
