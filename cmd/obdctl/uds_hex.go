package main

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
)

func hexText(b []byte) string { return fmt.Sprintf("%X", b) }

// hexNumber reads a hexadecimal argument of so many bits.
func hexNumber(what, s string, bits int) (uint64, error) {
	n, err := strconv.ParseUint(strings.TrimPrefix(strings.ToLower(s), "0x"), 16, bits)
	if err != nil {
		return 0, errs.New(errs.Usage, "%s %q is not hexadecimal of up to %d bits", what, s, bits)
	}
	return n, nil
}

// hexBytes reads bytes in hexadecimal, with or without blanks.
func hexBytes(what string, words ...string) ([]byte, error) {
	b, err := hex.DecodeString(strings.ReplaceAll(strings.Join(words, ""), " ", ""))
	if err != nil {
		return nil, errs.New(errs.Usage, "%s %q is not hexadecimal", what, strings.Join(words, " "))
	}
	return b, nil
}

// choice reads one of several words, or its number in hexadecimal.
func choice(what, word string, words []string, numbers []byte) (byte, error) {
	for i, w := range words {
		if strings.EqualFold(w, word) {
			return numbers[i], nil
		}
	}
	n, err := strconv.ParseUint(word, 16, 8)
	if err != nil {
		return 0, errs.New(errs.Usage, "%s %q is not known", what, word).
			WithHint("one of %s, or a number in hexadecimal", strings.Join(words, ", "))
	}
	return byte(n), nil
}
