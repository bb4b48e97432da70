package dtc

import (
	"sort"
	"strings"
)

// synonyms are everyday words for the words of the standard.
var synonyms = map[string]string{
	"oxygen": "o2", "lambda": "o2", "maf": "mass", "tps": "throttle", "iac": "idle", "vvt": "camshaft",
	"adblue": "reductant", "def": "reductant", "dpf": "particulate", "gpf": "particulate", "alternator": "generator",
	"coil": "ignition", "cat": "catalyst", "converter": "catalyst", "abs": "brake",
	"gearbox": "transmission", "ecu": "module", "pcm": "ecm", "turbo": "turbocharger", "vss": "speed",
	"tcm": "transmission", "knocking": "knock",
}

// score returns what one word of a query is worth for every code that it fits.
func (x *index) score(word string) map[int32]int32 {
	out := map[int32]int32{}
	give := func(list []int32, score int32) {
		for _, code := range list {
			out[code] = max(out[code], score)
		}
	}
	give(x.words[word], scoreWord)
	give(x.words[synonyms[word]], scorePrefix)
	for i := sort.SearchStrings(x.ordered, word); i < len(x.ordered) && strings.HasPrefix(x.ordered[i], word); i++ {
		give(x.words[x.ordered[i]], scorePrefix)
	}
	if p := strings.ToUpper(word); len(p) >= 2 && strings.ContainsRune("PCBU", rune(p[0])) {
		x.scoreCodes(p, out)
	}
	if len(out) == 0 && len(word) >= shortestTypo {
		for _, w := range x.ordered {
			if near(word, w) {
				give(x.words[w], scoreTypo)
			}
		}
	}
	return out
}

// scoreCodes counts codes that are, or begin with, what was typed.
func (x *index) scoreCodes(p string, out map[int32]int32) {
	for i, code := range x.codes {
		switch {
		case code == p:
			out[int32(i)] = scoreCode
		case strings.HasPrefix(code, p):
			out[int32(i)] = scoreFamily
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
