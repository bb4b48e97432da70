package j1939

import "github.com/fleetms/obdctl/internal/link"

// maxInbox bounds the messages that a slow listener leaves waiting; the oldest go.
const maxInbox = 4096

// inbox holds messages for one listener. It is used under the link's lock.
type inbox struct {
	wanted func(*link.ParameterGroup) bool // nil for all
	queue  []link.ParameterGroup
}

func (in *inbox) put(g link.ParameterGroup) {
	if in.wanted != nil && !in.wanted(&g) {
		return
	}
	if len(in.queue) >= maxInbox {
		in.queue = append(in.queue[:0], in.queue[maxInbox/2:]...)
	}
	in.queue = append(in.queue, g)
}

// subscribe adds an inbox; the function returned removes it.
func (l *Link) subscribe(in *inbox) func() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inboxes = append(l.inboxes, in)
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		for i, other := range l.inboxes {
			if other == in {
				l.inboxes = append(l.inboxes[:i:i], l.inboxes[i+1:]...)
				return
			}
		}
	}
}

// take empties an inbox. The lock is held.
func (in *inbox) take() []link.ParameterGroup {
	out := in.queue
	in.queue = nil
	return out
}
