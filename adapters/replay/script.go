package replay

import (
	"bytes"
	"sort"
	"strings"
	"time"
)

// script answers commands from one session of a recording.
type script struct {
	exchanges []exchange
	places    map[command][]int // base command -> exchanges, ascending
	used      []bool
	next      int // where the recording goes on
	defaults  defaults
	scope     scope
	last      command
	banner    []item // what the adapter said when it started
	missing   []string
}

func newScript(s session, d defaults) *script {
	sc := &script{exchanges: s.exchanges, places: map[command][]int{}, used: make([]bool, len(s.exchanges)), defaults: d}
	for i, x := range s.exchanges {
		c := readCommand(x.sent)
		sc.places[c.base()] = append(sc.places[c.base()], i)
		if sc.banner == nil && (c == "ATZ" || c == "ATWS" || c == "ATI") {
			sc.banner = x.items
		}
	}
	return sc
}

// inOrder returns the exchange that comes next in the recording when sent is its beginning, and whether
// sent is all of it.
func (sc *script) inOrder(sent []byte) (x *exchange, whole bool) {
	if sc.next >= len(sc.exchanges) {
		return nil, false
	}
	x = &sc.exchanges[sc.next]
	if !bytes.HasPrefix(x.sent, sent) {
		return nil, false
	}
	return x, len(sent) == len(x.sent)
}

// take marks exchange i as played, goes on behind it and returns its items and when it was sent.
func (sc *script) take(i int) ([]item, time.Duration) {
	x := &sc.exchanges[i]
	sc.used[i] = true
	sc.next = i + 1
	sc.remember(readCommand(x.sent))
	return x.items, x.at
}

func (sc *script) remember(c command) {
	sc.scope = sc.scope.after(c)
	if c != "" {
		sc.last = c
	}
}

// answer finds what the recording has for a command that does not come next, or makes up what an
// adapter says to settings. It never makes up an ECU's answer.
func (sc *script) answer(sent []byte) ([]item, time.Duration) {
	c := readCommand(sent)
	if c == "" { // a bare carriage return repeats the last command
		c = sc.last
	}
	sc.remember(c)
	if i := sc.find(c, func(s scope) bool { return s == sc.scope || c.isSetting() }); i >= 0 {
		return sc.take(i)
	}
	// One ECU's answer is part of what all ECUs answer, and the other way round.
	asked := sc.scope
	if i := sc.find(c, func(s scope) bool { return s == "" || asked == "" }); i >= 0 && c.isRequest() {
		items, at := sc.take(i)
		sc.scope = asked
		if asked == "" {
			return items, at
		}
		return onlyOf(asked, items), at
	}
	if c.isRequest() {
		sc.note(c)
	}
	return sc.invent(c), 0
}

// find returns the exchange for the command: the next one not played yet, else an earlier one not
// played, else the one played last; -1 when there is none. The very same text goes before one that
// differs in its count digit. Only exchanges of a scope that fits count.
func (sc *script) find(c command, fits func(scope) bool) int {
	places := sc.places[c.base()]
	best, bestRank := -1, 0
	start := sort.SearchInts(places, sc.next)
	for k := range places {
		i := places[(start+k)%len(places)]
		x := &sc.exchanges[i]
		if !fits(x.scope) {
			continue
		}
		rank := 1
		if !sc.used[i] {
			rank += 2
		}
		if readCommand(x.sent) == c {
			rank += 4
		}
		if rank == 7 {
			return i
		}
		if rank > bestRank || rank == bestRank && sc.used[i] && i > best {
			best, bestRank = i, rank
		}
	}
	return best
}

func (sc *script) note(c command) {
	if len(sc.missing) < 100 {
		sc.missing = append(sc.missing, short(string(c)))
	}
}

// onlyOf keeps the lines of one ECU of an answer that every ECU gave.
func onlyOf(s scope, items []item) []item {
	var text strings.Builder
	for _, it := range items {
		text.Write(it.data)
	}
	var kept strings.Builder
	for line := range strings.FieldsFuncSeq(text.String(), func(r rune) bool { return r == '\r' || r == '\n' || r == '>' }) {
		if s.owns(line) {
			kept.WriteString(line + "\r")
		}
	}
	answer := say(noData)
	if kept.Len() > 0 {
		answer = say(kept.String() + "\r>")
	}
	if len(items) > 0 {
		answer[0].at = items[len(items)-1].at
	}
	return answer
}
