using Marten;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Lending.Loans;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Lending;

internal interface ILendingStore : IDocumentStore;

[Module("lending", Owner = "team-desk", Purpose = "Who has borrowed which copy.", DependsOn = ["readers", "shelves"])]
[Permission("lending:manage", "Lend and take back for all readers.")]
internal sealed class LendingModule : IModule
{
    public void Configure(ModuleBuilder module)
    {
        module.Services.AddSingleton(LendingSettings.From(module.Configuration));
        module.UseStore<ILendingStore>(static options => options.Schema.For<Loan>().DocumentAlias("loan"));
        module.AddSchemaScript("""
            create or replace function copies_of(wanted uuid) returns bigint language plpgsql as $body$
            begin
                return (select count(*) from shelves.mt_doc_copy where id = wanted); -- finds: sql-stays-in-its-schema "shelves" → shelves.mt_doc_copy
            end
            $body$;
            """);
    }
}
