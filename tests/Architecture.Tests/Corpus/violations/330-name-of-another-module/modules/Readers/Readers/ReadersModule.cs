using Marten;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Security;
using ModularMonolith.Readers.Accounts;

namespace ModularMonolith.Readers;

internal interface IReadersStore : IDocumentStore;

[Module("readers", Owner = "team-door", Purpose = "Who may borrow.")] // finds: module-has-manifest "is named 'readers', as Lending is"
[Permission("readers:manage", "See and change all readers.")]
internal sealed class ReadersModule : IModule
{
    public void Configure(ModuleBuilder module)
    {
        module.Services.AddScoped<ReaderDesk>();
        module.UseStore<IReadersStore>(static options => options.Schema.For<Reader>().DocumentAlias("reader"));
    }
}
