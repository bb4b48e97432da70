package dtc

import (
	_ "embed" // the table of failure types
	"fmt"
	"strings"
)

//go:embed table/failure.tsv
var failureTable string

// failureCategories are the meanings of the first digit (SAE J2012-DA).
var failureCategories = [16]string{
	"general failure", "general electrical failure", "general signal failure", "frequency or pulse width modulation failure",
	"system internal failure", "system programming failure", "algorithm based failure", "mechanical failure",
	"bus signal or message failure", "component failure",
}

// FailureType returns the meaning of a failure type byte of SAE J2012-DA. A byte that is not in the list
// gives its category and says so.
func FailureType(b uint8) string {
	key := fmt.Sprintf("%02X\t", b)
	for line := range strings.Lines(failureTable) {
		if text, ok := strings.CutPrefix(line, key); ok {
			return strings.TrimSuffix(text, "\n")
		}
	}
	switch category := failureCategories[b>>4]; {
	case category != "":
		return fmt.Sprintf("Failure type %02X, not in the list (category: %s)", b, category)
	case b >= 0xF0:
		return fmt.Sprintf("Failure type %02X of the maker", b)
	}
	return fmt.Sprintf("Failure type %02X, reserved", b)
}
