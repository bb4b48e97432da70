// Package text turns what an ELM327-class adapter prints into diagnostic messages (ELM327 data sheet,
// SAE J1979 over each of the adapter's lines).
//
// [Clean] takes the bytes between a command and its prompt apart into lines, banners and conditions;
// [Replies] reads the lines by the format that the adapter was set to; [Guess] finds the format of a
// transcript of unknown origin. Nothing here waits, sends or remembers.
package text

// Line is one line of an answer that is neither echo, banner nor condition.
type Line struct {
	Text string
	// Mark is DataError or RxError when the adapter flagged this line ("<DATA ERROR"), otherwise None.
	Mark Condition
}

// Answer is everything that the adapter printed in answer to one command.
type Answer struct {
	Lines []Line
	// Banners are progress texts such as "SEARCHING..." and what a Bluetooth module let slip through.
	Banners []string
	// Conditions are the adapter's complaints in their order, without the marks of single lines.
	Conditions []Condition
	// Echoed tells that the command itself was found in the answer: ATE0 is not in force.
	Echoed bool
}

// OK tells that the adapter accepted an AT or ST command.
func (a Answer) OK() bool {
	for _, l := range a.Lines {
		if squeeze(l.Text) == "OK" {
			return true
		}
	}
	return false
}

// Text returns the first line, "" when there is none: the answer to a question such as AT I.
func (a Answer) Text() string {
	if len(a.Lines) == 0 {
		return ""
	}
	return a.Lines[0].Text
}

// Condition returns the complaint that concerns the answer as a whole, the most serious one when there
// are several. Lines that came before it are still there. None when the adapter complained of nothing.
func (a Answer) Condition() Condition {
	worst := None
	for _, c := range a.Conditions {
		if c == BusInit && (len(a.Lines) > 0 || len(a.Conditions) > 1) {
			continue // the first half of "BUS INIT: ...OK", whose end got lost
		}
		if worst == None || c.rank() < worst.rank() {
			worst = c
		}
	}
	return worst
}
