package config

import (
	"path/filepath"

	"github.com/adrg/xdg"
)

// DefaultPath is where the file stands when nobody says otherwise: the XDG configuration folder.
func DefaultPath() string { return filepath.Join(xdg.ConfigHome, "obdctl", "config.yaml") }

// DefaultDB is where the database stands when nobody says otherwise: the system's place of application data.
func DefaultDB() string { return filepath.Join(xdg.DataHome, "obdctl", "obdctl.db") }

// StateDir is where things are remembered that can be learned again: adapters' report cards, scans
// saved before codes are cleared.
func StateDir() string { return filepath.Join(xdg.StateHome, "obdctl") }
