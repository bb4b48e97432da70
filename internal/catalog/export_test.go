package catalog

// Unpack reads the packed form, for the benchmark.
func Unpack(data []byte) (*Catalog, error) {
	d, err := unpack(data)
	if err != nil {
		return nil, err
	}
	return d.catalog(), nil
}

// Aliases returns the foreign names of the catalogue.
func Aliases(c *Catalog) map[string]string { return c.aliases }
