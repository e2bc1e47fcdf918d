! expect: memory_limit
type block
  integer(8), allocatable :: numbers(:)
end type
type(block) :: all(100000)
integer :: i
do i = 1, 100000
  allocate(all(i)%numbers(524288), source=int(i, 8))
end do
end
