package brake

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/fleetms/obdctl/internal/errs"
)

// stateVersion is that of the saved priors; a reader refuses newer ones.
const stateVersion = 1

// maxState bounds a saved state in bytes; two priors need less than one kilobyte.
const maxState = 64 << 10

type state struct {
	Version int     `json:"version"`
	Priors  []Prior `json:"priors"`
}

// Save writes learned priors as JSON.
func Save(w io.Writer, priors []Prior) error {
	if err := json.NewEncoder(w).Encode(state{stateVersion, priors}); err != nil {
		return fmt.Errorf("save pad wear: %w", err)
	}
	return nil
}

// Load reads what [Save] wrote and refuses what no prior can be.
func Load(r io.Reader) ([]Prior, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxState+1))
	if err != nil {
		return nil, fmt.Errorf("load pad wear: %w", err)
	}
	var s state
	if len(data) > maxState || json.Unmarshal(data, &s) != nil {
		return nil, refused("it is no saved pad wear")
	}
	if s.Version != stateVersion {
		return nil, refused(fmt.Sprintf("its version is %d, this program knows %d", s.Version, stateVersion))
	}
	for _, p := range s.Priors {
		if !p.sound() || p.Vehicles < 0 {
			return nil, refused("a scale in it is impossible")
		}
	}
	return s.Priors, nil
}

func refused(why string) error {
	return errs.New(errs.BadInput, "load pad wear: %s", why).WithHint("train it again: 'obdctl model train'")
}
