# fish completion of tacit.
complete -c tacit -f
complete -c tacit -l profile -xa '(__fish_complete_directories)' -d 'open the profile in this folder and no other'
complete -c tacit -l listen -xa 'lan loopback' -d 'who can reach it'
complete -c tacit -l title -x -d 'title of the window'
complete -c tacit -l size -x -d 'size of the window, as 1000x700'
complete -c tacit -l name -x -d 'make the profile without a question'
complete -c tacit -l passphrase-file -rF -d 'open the profile without a question'
complete -c tacit -l minimised -d 'begin out of sight, in the tray'
complete -c tacit -l trace-start -d 'print when the first window was drawn'
complete -c tacit -l version -d 'print which version this is'
