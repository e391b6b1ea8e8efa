using System.Runtime.CompilerServices;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Readers.Accounts;

internal static class ReaderSecrets
{
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_modules")]
    public static extern ref ModuleCatalog ModulesOf(ModuleBuilder builder); // finds: no-unsafe-accessor "opens what ModularMonolith.Platform.Modules.ModuleBuilder keeps closed"
}
