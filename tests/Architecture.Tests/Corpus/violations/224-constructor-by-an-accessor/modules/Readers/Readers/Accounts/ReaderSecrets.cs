using System.Runtime.CompilerServices;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Readers.Contracts;

namespace ModularMonolith.Readers.Accounts;

internal static class ReaderSecrets
{
    public static Money Nothing => Make(0, "EUR");

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern Money Make(long amount, string currency); // finds: no-unsafe-accessor "opens what ModularMonolith.Platform.Contracts.Money keeps closed"
}
