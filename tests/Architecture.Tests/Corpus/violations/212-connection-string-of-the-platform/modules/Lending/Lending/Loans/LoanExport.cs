using Microsoft.Extensions.Configuration;

namespace ModularMonolith.Lending.Loans;

internal sealed class LoanExport(IConfiguration configuration)
{
    public string? Database() => configuration.GetConnectionString("Admin"); // finds: settings-are-own "reads 'ConnectionStrings:Admin', which is the platform's"; settings-are-documented "ConnectionStrings:Admin"
}
