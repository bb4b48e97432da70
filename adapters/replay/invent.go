package replay

import "strings"

// Answers of an adapter, with the prompt behind them.
const (
	noData   = "NO DATA\r\r>"
	accepted = "OK\r\r>"
	unknown  = "?\r\r>"
)

func say(text string) []item { return []item{{what: wordGot, data: []byte(text)}} }

// settings are the commands that every ELM327 takes with OK; what they change cannot be seen in a
// recording anyway. Commands that report something are not among them: a made-up voltage or protocol
// number would be believed.
var settings = []string{
	"ATE", "ATL", "ATS0", "ATS1", "ATH", "ATAT", "ATST", "ATSP", "ATTP", "ATSH", "ATCP", "ATCRA", "ATCF", "ATCM",
	"ATCAF", "ATCFC", "ATFC", "ATAL", "ATNL", "ATAR", "ATRA", "ATSR", "ATTA", "ATCEA", "ATCER", "ATCSM", "ATV0", "ATV1",
	"ATD0", "ATD1", "ATM0", "ATM1", "ATPC", "ATBI", "ATIB", "ATIIA", "ATKW0", "ATKW1", "ATSW", "ATWM", "ATJE", "ATJHF",
	"ATJS", "ATJTM", "ATR0", "ATR1",
}

// invent answers a command that the recording does not hold.
func (sc *script) invent(c command) []item {
	text := string(c)
	switch {
	case c.isRequest():
		if sc.defaults.obd != nil {
			return say(string(sc.defaults.obd))
		}
		return say(noData)
	case text == "ATZ" || text == "ATWS" || text == "ATI":
		if sc.banner != nil {
			return sc.banner
		}
		return say("ELM327 v1.5\r\r>")
	case strings.HasPrefix(text, "AT") && sc.defaults.at != nil:
		return say(string(sc.defaults.at))
	case text == "ATD":
		return say(accepted)
	}
	for _, s := range settings {
		if strings.HasPrefix(text, s) && text != "ATSS" {
			return say(accepted)
		}
	}
	return say(unknown)
}
