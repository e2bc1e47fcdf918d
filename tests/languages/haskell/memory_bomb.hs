-- expect: memory_limit
import qualified Data.Map as Map
main = print (Map.size (foldr (\n -> Map.insert n n) Map.empty [1 .. 100000000 :: Int]))
