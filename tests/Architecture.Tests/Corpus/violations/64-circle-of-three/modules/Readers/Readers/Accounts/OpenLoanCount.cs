using ModularMonolith.Lending.Contracts;

namespace ModularMonolith.Readers.Accounts;

internal sealed class OpenLoanCount
{
    public static int Of(OpenLoans loans) => loans.Count; // finds: no-module-cycles "depends on itself: readers → lending → readers"
}
