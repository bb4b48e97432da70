package simulator

// radio is a Bluetooth module in front of the adapter that has not settled yet: it answers the first
// commands with status words of its own, and what the adapter says comes all at once, some commands late.
type radio struct {
	text string // held back
	said int
	open bool
}

// modulePhrases are what the module says instead of the first replies.
var modulePhrases = []string{"+DISC:SUCCESS\r\n>", "+CONNECTING<<0:0:0\r\n>"}

// release ends a command on a lagging link: another phrase, or everything that was held back.
func (a *adapter) release() {
	r := a.held
	if r == nil || r.open {
		return
	}
	r.open = true
	if r.said < len(modulePhrases) {
		a.print(modulePhrases[r.said])
		r.said++
		r.open = false
		return
	}
	a.print(r.text)
	r.text = ""
}
