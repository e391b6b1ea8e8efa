using Person = ModularMonolith.Readers.Contracts.ReaderView;

namespace ModularMonolith.Lending.Loans;

internal sealed record ReaderCheck(Person Reader, (Person Left, Person Right)[] Pairs);
