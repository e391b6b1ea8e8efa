using Marten;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Careless;

internal interface ICarelessStore : IDocumentStore;

[Module("careless", Owner = "nobody", Purpose = "Breaks the rules.")]
internal sealed class CarelessModule : IModule
{
    public void Configure(ModuleBuilder module) => module.UseStore<ICarelessStore>(static _ => { });

    public string? Secret(ModuleBuilder module) => module.Configuration["Secret"];
}
