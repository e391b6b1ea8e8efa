using Marten;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Lending.Loans;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Lending;

internal interface ILendingStore : IDocumentStore;

[Module("readers", Owner = "team-desk", Purpose = "Who has borrowed which copy.", DependsOn = ["readers", "shelves"])] // finds: module-has-manifest "is named 'readers'"
[Permission("lending:manage", "Lend and take back for all readers.")]
internal sealed class LendingModule : IModule
{
    public void Configure(ModuleBuilder module)
    {
        module.Services.AddSingleton(LendingSettings.From(module.Configuration));
        module.UseStore<ILendingStore>(static options => options.Schema.For<Loan>().DocumentAlias("loan"));
    }
}
