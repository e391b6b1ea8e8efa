using Npgsql;

namespace ModularMonolith.Lending.Loans;

internal sealed class LoanTable(NpgsqlDataSource source) // finds: package-policy "Npgsql"
{
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("delete from mt_doc_loan where data ->> 'isOver' = 'true'");
        await command.ExecuteNonQueryAsync(cancellationToken); // finds: changes-are-recorded "calls DbCommand.ExecuteNonQueryAsync"
    }
}
