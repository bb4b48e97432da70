package simulator

import (
	"slices"
	"strings"
)

// atCommand is one AT command: its name, how many hexadecimal digits may follow, and what it does.
type atCommand struct {
	name   string
	digits []int // nil = nothing may follow
	since  int   // ELM327 version times ten, 0 = always
	wild   bool  // X stands for any digit
	run    func(a *adapter, arg string) error
}

// runAT finds the command with the longest name that fits, or prints "?".
func (a *adapter) runAT(text string) error {
	best := -1
	commands := atCommands()
	for i, c := range commands {
		arg, ok := strings.CutPrefix(text, c.name)
		if !ok || !c.takes(arg) || c.since > a.prof.version || slices.Contains(a.prof.lacks, family(c.name)) {
			continue
		}
		if best < 0 || len(c.name) > len(commands[best].name) {
			best = i
		}
	}
	if best < 0 {
		a.line("?")
		return nil
	}
	c := commands[best]
	return c.run(a, strings.TrimPrefix(text, c.name))
}

// family strips what belongs to the value of a command, as far as clones lack whole families.
func family(name string) string {
	switch {
	case strings.HasPrefix(name, "FC"):
		return "FC"
	case strings.HasPrefix(name, "CFC"):
		return "CFC"
	case len(name) == 3 && strings.HasPrefix(name, "AT"):
		return "AT"
	}
	return name
}

func (c *atCommand) takes(arg string) bool {
	if arg == "" {
		return c.digits == nil || slices.Contains(c.digits, 0)
	}
	if c.wild {
		arg = strings.ReplaceAll(arg, "X", "0")
	}
	return isHex(arg) && slices.Contains(c.digits, len(arg))
}

// atCommands lists them all by the chapters of the data sheet.
func atCommands() []atCommand {
	return slices.Concat(generalCommands, formatCommands, protocolCommands, canCommands, olderCommands, truckCommands)
}

// ok makes a command that changes the settings and says so.
func ok(change func(s *settings)) func(*adapter, string) error {
	return func(a *adapter, _ string) error {
		change(&a.set)
		a.line("OK")
		return nil
	}
}

// accepted makes a command that is understood and has no effect on this car.
func accepted(a *adapter, _ string) error {
	a.line("OK")
	return nil
}
