using Marten.Linq;
using Marten.Linq.Translation;
using Marten.Services.BatchQuerying;

namespace Marten.Internal.Sessions;

internal partial class QuerySession
{
    public Task<TOut> QueryAsync<TDoc, TOut>(ICompiledQuery<TDoc, TOut> query, CancellationToken token = default) where TDoc : notnull =>
        Request(query).RunAsync(token);

    public Task<bool> StreamJsonOne<TDoc, TOut>(ICompiledQuery<TDoc, TOut> query, Stream destination, CancellationToken token = default) where TDoc : notnull
    {
        var (rows, required) = JsonOf(query);
        return JsonStreaming.OneAsync(rows, destination, required, token);
    }

    public Task<int> StreamJsonMany<TDoc, TOut>(ICompiledQuery<TDoc, TOut> query, Stream destination, CancellationToken token = default) where TDoc : notnull =>
        JsonStreaming.ArrayAsync(JsonOf(query).Rows, destination, token);

    public async Task<string?> ToJsonOne<TDoc, TOut>(ICompiledQuery<TDoc, TOut> query, CancellationToken token = default) where TDoc : notnull
    {
        using var buffer = new MemoryStream();
        return await StreamJsonOne(query, buffer, token) ? System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) : null;
    }

    public Task<string> ToJsonMany<TDoc, TOut>(ICompiledQuery<TDoc, TOut> query, CancellationToken token = default) where TDoc : notnull =>
        JsonStreaming.ArrayAsync(JsonOf(query).Rows, token);

    public Task<T> QueryByPlanAsync<T>(IQueryPlan<T> plan, CancellationToken token = default) => plan.Fetch(this, token);

    public IBatchedQuery CreateBatchQuery() => new BatchedQuery(this);

    /// <summary>The request of a compiled query.</summary>
    public StatementRequest<TOut> Request<TDoc, TOut>(ICompiledQuery<TDoc, TOut> query) where TDoc : notnull =>
        Owner.CompiledPlans.For(query, this).Request<TOut>(query, this);

    private (JsonRows Rows, bool Required) JsonOf<TDoc, TOut>(ICompiledQuery<TDoc, TOut> query) where TDoc : notnull
    {
        var plan = Owner.CompiledPlans.For(query, this, true);
        return (new JsonRows(this, plan.Statement.Model.StorageTypes, () => plan.Commands[0].ToCommand(query, this)), plan.Terminal.IsRequired);
    }
}
