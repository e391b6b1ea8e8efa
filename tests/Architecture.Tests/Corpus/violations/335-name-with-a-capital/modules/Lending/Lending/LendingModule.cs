using Marten;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Lending.Loans;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Lending;

internal interface ILendingStore : IDocumentStore;

[Module("Lending-2", Owner = "team-desk", Purpose = "Who has borrowed which copy.", DependsOn = ["readers", "shelves"])] // finds: module-has-manifest "is named 'Lending-2'"
[Permission("lending:manage", "Lend and take back for all readers.")]
internal sealed class LendingModule : IModule
{
    public void Configure(ModuleBuilder module)
    {
        module.Services.AddSingleton(LendingSettings.From(module.Configuration));
        module.UseStore<ILendingStore>(static options => options.Schema.For<Loan>().DocumentAlias("loan"));
    }
}
