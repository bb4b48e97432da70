package j1979

import (
	"slices"

	"github.com/fleetms/obdctl/internal/obd"
)

// ParseCodes reads the trouble codes of services 03, 07 and 0A, each once, without the 0000 that fills up.
//
// On CAN a count byte comes first (ISO 15031-5); the older lines have none and three codes to a line, lines of
// one ECU already joined. The count is held against the length: bytes beyond it must be padding, and fewer
// are an error, which comes with the codes that are there.
func ParseCodes(p obd.Protocol, data []byte) ([]string, error) {
	b, err := body(data, obd.ServiceStoredCodes, obd.ServicePendingCodes, obd.ServicePermanent)
	if err != nil || len(b) == 0 {
		return nil, err
	}
	pairs, err := codePairs(p, b)
	var codes []string
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == 0 && pairs[i+1] == 0 {
			continue
		}
		if code := obd.FormatDTC(pairs[i], pairs[i+1]); !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return codes, err
}

// lineOfCodes is how many bytes of codes one line of the older protocols carries.
const lineOfCodes = 6

// codePairs returns the bytes that are codes.
func codePairs(p obd.Protocol, b []byte) ([]byte, error) {
	rest := b[1:]
	need := int(b[0]) * 2
	counted := need <= len(rest) && isPadding(rest[need:])
	exact := need == len(rest)
	switch {
	case countsItems(p):
		return countedPairs(need, rest)
	case len(b)%2 != 0 && (exact || isPadding(b)):
		return rest, nil // an adapter that shows an older line as if it were CAN
	case !isOlder(p) && counted && (need == 0 || len(b)%lineOfCodes != 0):
		return rest[:need], nil
	case len(b)%2 == 0:
		return b, nil
	}
	return b[:len(b)-1], malformed("%d bytes are no whole codes", len(b))
}

// countedPairs takes need bytes of codes.
func countedPairs(need int, rest []byte) ([]byte, error) {
	if need > len(rest) {
		return rest[:len(rest)/2*2], malformed("count says %d codes, %d came", need/2, len(rest)/2)
	}
	if surplus := rest[need:]; !isPadding(surplus) {
		return rest[:need], malformed("count says %d codes, %d bytes follow them", need/2, len(surplus))
	}
	return rest[:need], nil
}
