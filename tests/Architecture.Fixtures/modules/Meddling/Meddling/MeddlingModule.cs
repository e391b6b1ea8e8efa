using Marten;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Meddling;

public interface IMeddlingStore : IDocumentStore;

[Module("meddling", Owner = "nobody", Purpose = "", DependsOn = ["careless", "idle"])]
internal sealed class MeddlingModule : IModule
{
    public void Configure(ModuleBuilder module) => module.UseStore<IMeddlingStore>(static _ => { });
}
