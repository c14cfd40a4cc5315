using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.CodeFixes.Lifetime;

/// <summary>
/// State of the caller that code can read without a parameter: the current request, its user, async locals. A session made from it belongs to
/// that caller; shared, it would make everybody act as the first one.
/// </summary>
internal static class CallerState
{
    private const int MaxDepth = 4;

    public static bool IsReadBy(IOperation operation, CompilationFacts facts, CancellationToken cancellationToken) =>
        IsReadBy(operation, facts, new HashSet<IMethodSymbol>(SymbolEqualityComparer.Default), 0, cancellationToken);

    private static bool IsReadBy(
        IOperation operation, CompilationFacts facts, HashSet<IMethodSymbol> visited, int depth, CancellationToken cancellationToken)
    {
        var method = operation switch
        {
            IPropertyReferenceOperation property => property.Property.GetMethod,
            IInvocationOperation invocation => invocation.TargetMethod,
            _ => null,
        };
        if (IsCallers(operation.Type) || IsCallers(method?.ContainingType))
        {
            return true;
        }

        if (method is null || depth == MaxDepth
            || facts.Sessions.Implementations.Resolve(method) is not { } implementation
            || !visited.Add(implementation)
            || facts.Sessions.Bodies.Of(implementation, cancellationToken) is not { } body)
        {
            return false;
        }

        return body.Root.Descendants().Any(inner => IsReadBy(inner, facts, visited, depth + 1, cancellationToken));
    }

    private static bool IsCallers(ITypeSymbol? type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            var isCallers = current.Name switch
            {
                "HttpContext" or "HttpRequest" or "IHttpContextAccessor" or "HttpContextAccessor" => IsIn(current, "Microsoft.AspNetCore.Http"),
                "HubCallerContext" => IsIn(current, "Microsoft.AspNetCore.SignalR"),
                "ServerCallContext" => IsIn(current, "Grpc.Core"),
                "ClaimsPrincipal" => IsIn(current, "System.Security.Claims"),
                "IPrincipal" or "IIdentity" => IsIn(current, "System.Security.Principal"),
                "AsyncLocal" or "ThreadLocal" => IsIn(current, "System.Threading"),
                "Activity" => IsIn(current, "System.Diagnostics"),
                _ => false,
            };
            if (isCallers)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsIn(ITypeSymbol type, string space) => type.ContainingNamespace?.ToDisplayString() == space;
}
