package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"

	"github.com/fleetms/obdctl/internal/errs"
)

// frozenShare is how much of the data no model ever learns from, in 256ths.
const frozenShare = 77 // 30 %

// MinFrozen is how many frozen units a measurement needs; a figure from fewer would be chance.
const MinFrozen = 3

// frozen tells on which side a unit stands. It depends on nothing but its name: data that come later, or models that
// are trained later, never move a unit to the other side.
func frozen(id string) bool {
	hash := sha256.Sum256([]byte("frozen\x00" + id))
	return hash[0] < frozenShare
}

// Frozen tells on which side a unit of this name stands, for a study that reads more of what is measured on.
func Frozen(id string) bool { return frozen(id) }

// divided are the places of units on the two sides.
type divided struct{ learn, frozen []int }

func divide(units []Unit) (d divided) {
	for i, u := range units {
		if frozen(u.ID) {
			d.frozen = append(d.frozen, i)
		} else {
			d.learn = append(d.learn, i)
		}
	}
	return d
}

// enough refuses to train or measure on too little.
func (d divided) enough(c Card) error {
	if len(d.learn) >= c.Enough && len(d.frozen) >= MinFrozen {
		return nil
	}
	return errs.New(errs.BadInput, "not trained: %s needs %d %ss to learn from and %d that stay frozen; there are %d and %d",
		c.Name, c.Enough, c.Unit, MinFrozen, len(d.learn), len(d.frozen)).
		WithHint("keep recording with 'obdctl live --save' or import logs with 'obdctl import', then train again")
}

// String says how the data were parted, for the model's entry.
func (d divided) words(c Card) string {
	return fmt.Sprintf("by the hash of each %s's name, 30 %% frozen for good: %d to learn from, %d frozen", c.Unit, len(d.learn), len(d.frozen))
}

// hashOf is the hash of the chosen units' contents, whatever their order.
func hashOf(units []Unit, chosen []int) string {
	var lines []string
	for _, i := range chosen {
		lines = append(lines, units[i].ID+"\x00"+units[i].Hash+"\n")
	}
	slices.Sort(lines)
	hash := sha256.New()
	for _, l := range lines {
		_, _ = io.WriteString(hash, l) // a hash takes everything
	}
	return hex.EncodeToString(hash.Sum(nil))
}
