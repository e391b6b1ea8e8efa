using MediatR;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Readers.Accounts;

internal sealed record FindName(Guid Id) : IQuery<string>; // finds: one-request-per-file "stands in modules/Readers/Readers/Accounts/RenameReader.cs, not in FindName.cs"

internal sealed record FindNames(Guid Id) : IQuery<string>; // finds: one-request-per-file "stands in modules/Readers/Readers/Accounts/RenameReader.cs, not in FindNames.cs"

internal sealed class FindNameHandler : IRequestHandler<FindName, string> // finds: one-request-per-file "stands in modules/Readers/Readers/Accounts/RenameReader.cs, not in FindName.cs"
{
    public Task<string> Handle(FindName request, CancellationToken cancellationToken) => Task.FromResult(request.Id.ToString());
}

internal sealed class FindNamesHandler : IRequestHandler<FindNames, string> // finds: one-request-per-file "stands in modules/Readers/Readers/Accounts/RenameReader.cs, not in FindNames.cs"
{
    public Task<string> Handle(FindNames request, CancellationToken cancellationToken) => Task.FromResult(request.Id.ToString());
}
