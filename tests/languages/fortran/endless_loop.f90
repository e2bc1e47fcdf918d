! expect: time_limit
integer :: i
i = 0
do while (i >= 0)
  i = mod(i + 1, 1000)
end do
end
