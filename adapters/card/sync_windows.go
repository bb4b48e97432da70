package card

// syncFolder has nothing to do: Windows writes renames through by itself.
func syncFolder(string) error { return nil }
