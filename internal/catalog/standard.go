package catalog

import (
	"fmt"
	"slices"

	"github.com/fleetms/obdctl/internal/obd"
)

// settle makes the standard win: a file's signal of service 01 that SAE J1979 defines is read by the law
// of the built-in catalogue, whatever the file says, and the command's Conflicts tell where that differs.
// Signals of the file's own on a standard PID stay beside the standard ones.
func settle(commands []Command) {
	standard := Builtin()
	for i := range commands {
		c := &commands[i]
		if sharing(c.Service) != obd.ServiceCurrentData || c.IDBytes != 1 {
			continue
		}
		law := standard.Command(c.Service, c.ID)
		if law == nil {
			continue
		}
		signals := slices.Clone(law.Signals)
		for j := range c.Signals {
			s := &c.Signals[j]
			if own := law.Signal(s.ID); own != nil {
				if !own.agrees(s) {
					c.Conflicts = append(c.Conflicts, fmt.Sprintf("%s: the file reads %s, SAE J1979 %s; the standard is followed", s.ID, s.law(), own.law()))
				}
				continue
			}
			if other, _ := standard.Find(s.ID); other != nil {
				c.Conflicts = append(c.Conflicts, fmt.Sprintf("%s belongs to PID %02X of SAE J1979, not to %02X; it is left out", s.ID, other.ID, c.ID))
				continue
			}
			signals = append(signals, *s)
		}
		c.Signals, c.Length = signals, law.Length
	}
}

// agrees tells that two signals read the same bits to the same number, within what a printed scaling
// is rounded by.
func (s *Signal) agrees(o *Signal) bool {
	if s.Start != o.Start || s.Length != o.Length || s.Signed != o.Signed || s.LittleEndian != o.LittleEndian {
		return false
	}
	const rounding = 1e-3
	a, b := s.Mul/s.Div, o.Mul/o.Div
	return s.Kind != Number || (a-b) <= rounding*a && (b-a) <= rounding*a && s.Add == o.Add
}

// law returns the signal's place and scaling as a person writes it: "bits 0-15 * 1/4".
func (s *Signal) law() string {
	text := fmt.Sprintf("bits %d-%d", s.Start, s.end()-1)
	if s.Mul != 1 || s.Div != 1 {
		text += fmt.Sprintf(" * %v/%v", s.Mul, s.Div)
	}
	if s.Add != 0 {
		text += fmt.Sprintf(" %+v", s.Add)
	}
	return text
}
