//go:build !windows

package card

import "os"

// syncFolder puts a rename on the disk.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	// Some network file systems cannot sync a folder; the file itself is safe by then.
	_ = d.Sync()
	return nil
}
