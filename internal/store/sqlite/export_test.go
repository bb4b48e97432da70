package sqlite

// MigrateTo brings a file's schema to a version, up or down.
var MigrateTo = migrateTo
