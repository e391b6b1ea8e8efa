using MediatR;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Readers.Accounts;

internal sealed record FindName(Guid Id) : IQuery<string>; // finds: one-request-per-file ""

internal sealed record FindNames(Guid Id) : IQuery<string>; // finds: one-request-per-file ""

internal sealed class FindNameHandler : IRequestHandler<FindName, string> // finds: one-request-per-file ""
{
    public Task<string> Handle(FindName request, CancellationToken cancellationToken) => Task.FromResult(request.Id.ToString());
}

internal sealed class FindNamesHandler : IRequestHandler<FindNames, string> // finds: one-request-per-file ""
{
    public Task<string> Handle(FindNames request, CancellationToken cancellationToken) => Task.FromResult(request.Id.ToString());
}
