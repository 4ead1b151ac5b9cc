package profile

// maxLabelFile bounds a label that is read: a name of app.CleanName and its line end.
const maxLabelFile = 256
