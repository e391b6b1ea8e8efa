using Marten;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Meddling.Contracts;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Meddling;

public interface IMeddlingStore : IDocumentStore;

[Module("meddling", Owner = "nobody", Purpose = "", DependsOn = ["careless", "idle"])]
internal sealed class MeddlingModule : IModule
{
    public void Configure(ModuleBuilder module)
    {
        module.UseStore<IMeddlingStore>(static _ => { });
        module.Services.AddSingleton<IGossip, Gossip>();
    }
}

public interface IGossip
{
    Rumour Newest();
}

internal sealed class Gossip : IGossip
{
    public Rumour Newest() => new("Nothing is known.");
}
