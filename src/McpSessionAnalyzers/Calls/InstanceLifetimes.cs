using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace McpSessionAnalyzers.Calls;

/// <summary>How long instances live: as the framework makes them, as they are registered, or unknown, which counts as long.</summary>
internal sealed class InstanceLifetimes
{
    private readonly SemanticModels _models;
    private readonly ServiceRegistrations _registrations;
    private readonly ConcurrentDictionary<ISymbol, InstanceLifetime> _lifetimes = new(SymbolEqualityComparer.Default);

    public InstanceLifetimes(SemanticModels models)
    {
        _models = models;
        _registrations = new(models);
    }

    public InstanceLifetime Of(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        var definition = type.OriginalDefinition;
        return _lifetimes.TryGetValue(definition, out var known) ? known : _lifetimes.GetOrAdd(definition, Compute(definition, cancellationToken));
    }

    /// <summary>
    /// The lifetime of a type that a framework makes per call; null for any other. Asks for registrations, which are all bound then, only
    /// where the type itself says that it is one of those.
    /// </summary>
    public InstanceLifetime? OfFrameworkCreated(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        var definition = type.OriginalDefinition;
        return (FrameworkEntryPoints.PerCallInstanceReasonOf(definition) is not null || ToolFunctions.IsToolClass(definition))
            && Of(definition, cancellationToken) is { Kind: InstanceLifetimeKind.FrameworkCreatedPerCall } lifetime
                ? lifetime
                : null;
    }

    private InstanceLifetime Compute(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        if (type.IsStatic || type.TypeKind is not (TypeKind.Class or TypeKind.Struct or TypeKind.Interface))
        {
            return InstanceLifetime.Unknown;
        }

        var registration = _registrations.Of(type, cancellationToken);
        if (registration is { IsSingleton: true })
        {
            return new(InstanceLifetimeKind.Singleton, "registered as a singleton", registration.Location);
        }

        if (FrameworkEntryPoints.IsConventionalMiddleware(type))
        {
            return new(InstanceLifetimeKind.Singleton, "middleware by convention, created once", null);
        }

        if (FrameworkEntryPoints.PerCallInstanceReasonOf(type) is { } framework)
        {
            return new(InstanceLifetimeKind.FrameworkCreatedPerCall, framework, registration?.Location);
        }

        // An object that somebody makes, or hands to WithTools, lives as long as they like.
        if (ToolFunctions.IsToolClass(type) && !IsCreatedInSource(type, cancellationToken) && !IsHandedOver(type, cancellationToken))
        {
            return new(InstanceLifetimeKind.FrameworkCreatedPerCall, "a tool class, created for each call", registration?.Location);
        }

        return registration is not null
            ? new(InstanceLifetimeKind.RegisteredPerCall, $"registered as {registration.Lifetime}", registration.Location)
            : InstanceLifetime.Unknown;
    }

    // WithTools(target): the server calls the methods of that object.
    private bool IsHandedOver(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        foreach (var method in new[] { "WithTools", "WithPrompts", "WithResources" })
        {
            foreach (var name in NameFiles.ThatUse(method, _models.Compilation, cancellationToken).SelectMany(tree => NameIndex.Of(tree, cancellationToken).UsesOf(method, cancellationToken)))
            {
                if (NameIndex.IsInvoked(name) &&
                    _models.OperationAt(name, cancellationToken) is IInvocationOperation call &&
                    call.Arguments.Any(a => a.Parameter?.Name == "target" && SymbolEqualityComparer.Default.Equals(a.Parameter.Type.OriginalDefinition, type)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool IsCreatedInSource(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        foreach (var tree in NameFiles.ThatUse(type.Name, _models.Compilation, cancellationToken))
        {
            foreach (var name in NameIndex.Of(tree, cancellationToken).UsesOf(type.Name, cancellationToken))
            {
                if (name.FirstAncestorOrSelf<BaseObjectCreationExpressionSyntax>() is ObjectCreationExpressionSyntax creation &&
                    creation.Type.Span.Contains(name.Span) &&
                    SymbolEqualityComparer.Default.Equals(_models.Of(tree)?.GetTypeInfo(creation, cancellationToken).Type?.OriginalDefinition, type))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
