using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Readers.Accounts;

internal sealed class MoreModule : IModule
{
    public void Configure(ModuleBuilder module) => ArgumentNullException.ThrowIfNull(module);
}
