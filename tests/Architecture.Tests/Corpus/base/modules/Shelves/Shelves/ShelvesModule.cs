using Marten;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Security;
using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Shelves;

internal interface IShelvesStore : IDocumentStore;

[Module("shelves", Owner = "team-stacks", Purpose = "Which copies there are, and where they stand.")]
[Permission("shelves:manage", "Change what is on the shelves.")]
internal sealed class ShelvesModule : IModule
{
    public void Configure(ModuleBuilder module)
    {
        module.Services.AddScoped<IShelfKeeper, ShelfKeeper>();
        module.UseStore<IShelvesStore>(static options => options.Schema.For<Copy>().DocumentAlias("copy"));
    }
}
