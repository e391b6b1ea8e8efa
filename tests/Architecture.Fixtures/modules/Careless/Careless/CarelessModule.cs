using Marten;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Careless;

internal interface ICarelessStore : IDocumentStore;

[Module("careless", Owner = "nobody", Purpose = "Breaks the rules.")]
internal sealed class CarelessModule : IModule
{
    public void Configure(ModuleBuilder module) => module.UseStore<ICarelessStore>(static options =>
    {
        options.Events.MapEventType<Unkept>("unkept");
        options.Events.MapEventType<Bent>("bent");
        options.Events.MapEventType<Grown>("grown");
    });

    public string? Secret(ModuleBuilder module) => module.Configuration["Secret"];
}

internal sealed record Unkept(Guid Id, int Count, bool Done);

internal sealed record Bent(string Id);

internal sealed record Grown(string Id, string? Colour = null);
