package j1979

import (
	"slices"

	"github.com/fleetms/obdctl/internal/obd"
)

// ParseCodes reads the trouble codes of services 03, 07 and 0A, each once, without the 0000 that fills up.
//
// On CAN a count byte comes first (ISO 15765-4); the older lines have none and three codes to a line, lines of
// one ECU already joined. The count is held against the length, because clones and some ECUs get either wrong:
// a count that cannot be is read as part of the codes, bytes beyond it must be padding.
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

// codePairs returns the bytes that are codes.
func codePairs(p obd.Protocol, b []byte) ([]byte, error) {
	count, rest := int(b[0]), b[1:]
	exact := len(rest) == count*2
	switch {
	case exact && !isOlder(p):
		return rest, nil
	case countsItems(p):
		return countedPairs(b)
	case len(b)%2 == 0:
		return b, nil
	case exact, isPadding(b):
		return rest, nil // an adapter that presents an older line as if it were CAN
	case !isOlder(p) && len(rest) > count*2 && isPadding(rest[count*2:]):
		return rest[:count*2], nil
	}
	return b[:len(b)-1], malformed("%d bytes are no whole codes", len(b))
}

// countedPairs reads a reply that should start with a count but whose length does not say so.
func countedPairs(b []byte) ([]byte, error) {
	count, rest := int(b[0]), b[1:]
	if len(rest) > count*2 {
		surplus := rest[count*2:]
		if isPadding(surplus) {
			return rest[:count*2], nil
		}
		return rest[:count*2], malformed("count says %d codes, %d bytes follow them", count, len(surplus))
	}
	if len(b)%2 == 0 && count >= 1 && len(b) >= 4 {
		return b, nil // no count byte: the first byte is half a code
	}
	return rest[:len(rest)/2*2], malformed("count says %d codes, bytes for %d came", count, len(rest)/2)
}
