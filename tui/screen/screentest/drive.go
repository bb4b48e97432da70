package screentest

import (
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
)

// Press makes the message of a key: "a", "enter", "ctrl+p", "shift+tab".
func Press(key string) tea.KeyPressMsg {
	special := map[string]tea.Key{
		"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "tab": {Code: tea.KeyTab}, "space": {Code: tea.KeySpace, Text: " "},
		"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight},
		"pgup": {Code: tea.KeyPgUp}, "pgdown": {Code: tea.KeyPgDown}, "home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd},
		"backspace": {Code: tea.KeyBackspace}, "shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift},
		"shift+left": {Code: tea.KeyLeft, Mod: tea.ModShift}, "shift+right": {Code: tea.KeyRight, Mod: tea.ModShift},
		"ctrl+c": {Code: 'c', Mod: tea.ModCtrl}, "ctrl+p": {Code: 'p', Mod: tea.ModCtrl},
	}
	if k, ok := special[key]; ok {
		return tea.KeyPressMsg(k)
	}
	r := []rune(key)
	return tea.KeyPressMsg{Code: r[0], Text: key}
}

// Test runs a test in a bubble where time stands still while anything is being done, so that waiting costs none.
func Test(t *testing.T, f func(*testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f(t)
		<-time.After(time.Hour) // timers of toasts and spinners run out before the bubble ends
	})
}

// Run runs a command and everything that follows from it, each in a goroutine as a program does, and hands every
// message to update, one after the other. It is done when nothing came for a moment: commands that wait for longer, such
// as the timers of toasts, are left alone. It belongs into a [Test].
func Run(t *testing.T, cmd tea.Cmd, update func(tea.Msg) tea.Cmd) {
	t.Helper()
	const moment = 150 * time.Millisecond
	messages := make(chan tea.Msg, 64)
	start := func(c tea.Cmd) {
		if c == nil {
			return
		}
		go func() {
			select {
			case messages <- c():
			case <-t.Context().Done():
			}
		}()
	}
	start(cmd)
	for range 10_000 {
		select {
		case msg := <-messages:
			switch msg := msg.(type) {
			case nil:
			case tea.BatchMsg:
				for _, c := range msg {
					start(c)
				}
			default:
				start(update(msg))
			}
		case <-time.After(moment):
			return
		}
	}
	t.Fatal("the commands never end")
}
