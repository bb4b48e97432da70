package dtc

import (
	"sort"
	"strings"
)

// shortestTypo is the length from which a word may have a letter wrong.
const shortestTypo = 5

// synonym returns the standard's word for an everyday one.
func synonym(word string) string {
	switch word {
	case "oxygen", "lambda":
		return "o2"
	case "maf":
		return "mass"
	case "tps":
		return "throttle"
	case "iac":
		return "idle"
	case "vvt":
		return "camshaft"
	case "adblue", "def":
		return "reductant"
	case "dpf", "gpf":
		return "particulate"
	case "alternator":
		return "generator"
	case "cat", "converter":
		return "catalyst"
	case "gearbox", "tcm":
		return "transmission"
	case "turbo":
		return "turbocharger"
	case "knocking":
		return "knock"
	}
	return ""
}

// score gives every code that fits a word its worth.
func (x *index) score(word string, into []int32) {
	found := false
	give := func(list []int32, score int32) {
		for _, code := range list {
			into[code], found = max(into[code], score), true
		}
	}
	give(x.words[word], scoreWord)
	give(x.words[synonym(word)], scorePrefix)
	for i := sort.SearchStrings(x.ordered, word); i < len(x.ordered) && strings.HasPrefix(x.ordered[i], word); i++ {
		give(x.words[x.ordered[i]], scorePrefix)
	}
	if p := strings.ToUpper(word); len(p) >= 2 && strings.IndexByte("PCBU", p[0]) >= 0 && p[1] <= '3' {
		for i, code := range x.codes {
			switch {
			case code == p:
				into[i], found = scoreCode, true
			case strings.HasPrefix(code, p):
				into[i], found = scoreFamily, true
			}
		}
	}
	if found || len(word) < shortestTypo {
		return
	}
	for _, w := range x.ordered {
		if near(word, w) {
			give(x.words[w], scoreTypo)
		}
	}
}

// near tells whether two words differ by one letter wrong, missing, too many, or two swapped.
func near(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) || a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
