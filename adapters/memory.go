package adapters

import (
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/fleetms/obdctl/adapters/card"
	"github.com/fleetms/obdctl/adapters/serial"
	"github.com/fleetms/obdctl/internal/protocol/elm327"
)

// recall reads what is remembered about the adapter. Nothing that goes wrong here stops a connect.
func (op *opener) recall(identity string) {
	op.identity, op.remember = identity, true
	key := card.Key(op.address.String(), identity)
	c, err := op.o.Cards.Load(key)
	if err != nil {
		op.o.notify(EventCard, err.Error())
	}
	c.Key, c.Address = key, op.address.String()
	op.card = c
	var caps elm327.Capabilities
	if len(c.Capabilities) > 0 && json.Unmarshal(c.Capabilities, &caps) == nil {
		if !card.IsUnique(identity) {
			doubt(&caps)
		}
		op.known = &caps
	}
}

// doubt drops what must not be believed of another adapter at the same address: all clones claim the same
// version, and many Wi-Fi ones serve at the same address. What was honoured is found out by use.
func doubt(caps *elm327.Capabilities) {
	maps.DeleteFunc(caps.Commands, func(_ string, honoured bool) bool { return !honoured })
	caps.CountDigit, caps.DigitProbed = false, false
}

// save writes what the dialogue learned.
func (op *opener) save(caps elm327.Capabilities) {
	if !op.remember {
		return
	}
	data, err := json.Marshal(caps)
	if err != nil {
		op.o.notify(EventCard, fmt.Sprintf("the adapter's card cannot be written: %s", err))
		return
	}
	op.card.Capabilities, op.card.Seen = data, time.Now().UTC().Truncate(time.Second)
	op.write()
}

// forget drops capabilities that did not lead to a connection.
func (op *opener) forget() {
	if op.remember && op.card.Capabilities != nil {
		op.card.Capabilities = nil
		op.write()
	}
}

func (op *opener) write() {
	if err := op.o.Cards.Save(op.card); err != nil {
		op.o.notify(EventCard, err.Error())
	}
}

// serialIdentity names the hardware behind a device, "" when it has no number.
func serialIdentity(device string) string {
	ports, err := serial.List()
	if err != nil {
		return ""
	}
	for _, p := range ports {
		if p.Device == device {
			return p.Identity()
		}
	}
	return ""
}

// whereIs returns the device that the hardware has now: a cable that is plugged in again may get another
// name. Without its match the known one is returned.
func whereIs(identity, device string) string {
	ports, err := serial.List()
	if err != nil {
		return device
	}
	elsewhere := device
	for _, p := range ports {
		if p.Device == device {
			return device
		}
		if p.Identity() == identity {
			elsewhere = p.Device
		}
	}
	return elsewhere
}
